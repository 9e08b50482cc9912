package main

import (
	"errors"
	"log"
	"os"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// ticker takes prices from a server of NATS one by one, each of which costs it a while; with
// "feed" it is the one that sends them.
func ticker(arguments []string) {
	out := log.New(os.Stdout, "ticker ", log.LstdFlags|log.Lmsgprefix)
	connection, err := nats.Connect(arguments[1], nats.ErrorHandler(func(_ *nats.Conn, s *nats.Subscription, err error) {
		if errors.Is(err, nats.ErrSlowConsumer) {
			dropped, _ := s.Dropped()
			waiting, _, _ := s.Pending()
			out.Printf("INFO %v on %s: %d waiting, %d dropped", err, s.Subject, waiting, dropped)
		}
	}))
	if err != nil {
		out.Fatal(err)
	}
	if arguments[0] == "feed" {
		text := []byte(strings.Repeat("p", 120))
		for n := 0; n < 900; n++ {
			_ = connection.Publish("prices", text)
			time.Sleep(20 * time.Millisecond)
		}
		return
	}
	taken := 0
	subscription, _ := connection.Subscribe("prices", func(*nats.Msg) {
		time.Sleep(90 * time.Millisecond)
		taken++
		if taken%20 == 0 {
			out.Printf("INFO %d prices shown, 0 malformed", taken)
		}
	})
	_ = subscription.SetPendingLimits(200, -1)
	out.Print("INFO ticker 3.0 listens to prices, ERROR-free since 2026-10-02")
	for {
		time.Sleep(3 * time.Second)
		waiting, bytes, _ := subscription.Pending()
		out.Printf("INFO waiting=%d bytes=%d of 200 prices", waiting, bytes)
	}
}
