// Clearing: books payments in PostgreSQL (zap, pgx), sends them to partner banks (logrus) and asks
// a rate service for its health (grpc). Usage: clearing settle|sync|rates COUNT
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	health "google.golang.org/grpc/health/grpc_health_v1"
)

func main() {
	count, _ := strconv.Atoi(os.Args[2])
	switch os.Args[1] {
	case "settle":
		settle(count)
	case "sync":
		sync(count)
	case "rates":
		rates(count)
	}
}

func settle(count int) {
	config := zap.NewProductionConfig()
	config.OutputPaths = []string{"stdout"}
	config.Sampling = nil
	config.DisableCaller = true
	config.DisableStacktrace = true
	log, _ := config.Build()
	pool, err := pgxpool.New(context.Background(), os.Getenv("DATABASE_URL"))
	if err != nil {
		log.Fatal("no pool", zap.Error(err))
	}
	log.Info("clearing started", zap.String("release", "4.12.0"), zap.Int("max_conns", int(pool.Config().MaxConns)))
	for n := 1; n <= count; n++ {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		start := time.Now()
		_, err := pool.Exec(ctx, "INSERT INTO settlement VALUES ($1, $2)", n, 100*n)
		cancel()
		if err != nil {
			log.Info("settlement postponed", zap.Int("payment", n), zap.NamedError("reason", err))
		} else {
			log.Info("settled", zap.Int("payment", n), zap.Duration("took", time.Since(start)))
		}
		if n%6 == 0 {
			log.Error("clearing house file is late", zap.Int("minutes", 3), zap.String("action", "none, it is late every day"))
		}
		time.Sleep(250 * time.Millisecond)
	}
}

func sync(count int) {
	logrus.SetFormatter(&logrus.TextFormatter{DisableColors: true, FullTimestamp: true})
	logrus.SetOutput(os.Stdout)
	log := logrus.WithField("component", "partner-sync")
	log.WithField("partner", os.Getenv("PARTNER")).Info("starting")
	client := http.Client{Timeout: 2 * time.Second}
	for n := 1; n <= count; n++ {
		req, _ := http.NewRequest("PUT", fmt.Sprintf("%s/batches/%d", os.Getenv("PARTNER"), 7000+n), nil)
		req.Header.Set("Authorization", "Bearer "+os.Getenv("TOKEN"))
		res, err := client.Do(req)
		entry := log.WithField("batch", 7000+n)
		switch {
		case err != nil:
			entry.WithError(err).Info("batch kept for later")
		case res.StatusCode >= 400:
			entry.WithField("status", res.Status).WithField("www_authenticate", res.Header.Get("WWW-Authenticate")).Info("batch kept for later")
		default:
			entry.WithField("status", res.Status).Info("batch delivered")
		}
		if n%5 == 0 {
			logrus.WithField("component", "metrics").Errorf("push gateway answered in %d ms, wanted 100", 110+n)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

func rates(count int) {
	logrus.SetFormatter(&logrus.JSONFormatter{})
	logrus.SetOutput(os.Stdout)
	conn, err := grpc.NewClient(os.Getenv("RATES"), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		logrus.WithError(err).Fatal("no client")
	}
	client := health.NewHealthClient(conn)
	for n := 1; n <= count; n++ {
		ctx, cancel := context.WithTimeout(context.Background(), 1500*time.Millisecond)
		answer, err := client.Check(ctx, &health.HealthCheckRequest{Service: "rates.v1"})
		cancel()
		if err != nil {
			logrus.WithField("attempt", n).WithError(err).Warn("rates not read, the last ones are used")
		} else {
			logrus.WithField("attempt", n).WithField("status", answer.Status.String()).Info("rates read")
		}
		time.Sleep(300 * time.Millisecond)
	}
}
