// Gateway: reverse proxy with the standard logger; it pings its backends every second.
package main

import (
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"time"
)

func main() {
	log.SetFlags(log.LstdFlags | log.LUTC)
	log.SetPrefix("api-gateway ")
	mux := http.NewServeMux()
	for _, pair := range strings.Fields(os.Getenv("ROUTES")) {
		prefix, target, _ := strings.Cut(pair, "=")
		backend, err := url.Parse(target)
		if err != nil {
			log.Fatalf("route %s: %v", prefix, err)
		}
		mux.Handle(prefix+"/", http.StripPrefix(prefix, httputil.NewSingleHostReverseProxy(backend)))
		log.Printf("route %s -> %s", prefix, target)
		go watch(prefix, target)
	}
	addr := os.Getenv("LISTEN")
	if cert := os.Getenv("TLS_CERT"); cert != "" {
		log.Printf("listening with TLS on %s", addr)
		log.Fatal(http.ListenAndServeTLS(addr, cert, os.Getenv("TLS_KEY"), mux))
	}
	log.Printf("listening on %s", addr)
	log.Fatal(http.ListenAndServe(addr, mux))
}

func watch(prefix, target string) {
	client := http.Client{Timeout: time.Second}
	for {
		res, err := client.Get(target + "/health")
		switch {
		case err != nil:
			log.Printf("backend %s unhealthy: %v", prefix, err)
		default:
			log.Printf("backend %s healthy: %s", prefix, res.Status)
			res.Body.Close()
		}
		time.Sleep(time.Second)
	}
}
