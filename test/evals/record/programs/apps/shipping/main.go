// Shipping: slog text lines, carriers over HTTP, labels on the disk.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

type carrier struct {
	name  string
	zones map[string]float64
}

var carriers = map[string]*carrier{
	"dhl": {name: "DHL", zones: map[string]float64{"de": 4.9, "kr": 22}},
}

func rate(name, zone string) float64 {
	return carriers[name].zones[zone]
}

func track(id string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", os.Getenv("CARRIER_URL")+"/track/"+id, nil)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", fmt.Errorf("track %s: %w", id, err)
	}
	defer res.Body.Close()
	return res.Status, nil
}

func main() {
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	slog.Info("shipping starting", "version", "0.18.2")
	port := os.Getenv("PORT")
	if port == "" {
		port = "7070"
	}
	labels := os.Getenv("LABEL_DIR")
	if os.Getenv("REQUIRE_TOKEN") != "" && os.Getenv("CARRIER_API_TOKEN") == "" {
		slog.Error("configuration", "err", "CARRIER_API_TOKEN must be set")
		os.Exit(1)
	}
	http.HandleFunc("/track/", func(w http.ResponseWriter, r *http.Request) {
		status, err := track(strings.TrimPrefix(r.URL.Path, "/track/"))
		if err != nil {
			slog.Error("request failed", "path", r.URL.Path, "err", err)
			http.Error(w, "bad gateway", http.StatusBadGateway)
			return
		}
		slog.Info("tracked", "path", r.URL.Path, "carrier", status)
	})
	http.HandleFunc("/label/", func(w http.ResponseWriter, r *http.Request) {
		name := filepath.Join(labels, strings.TrimPrefix(r.URL.Path, "/label/")+".zpl")
		if err := os.WriteFile(name, []byte("^XA^FO50,50^ADN,36,20^FDlabel^FS^XZ"), 0o640); err != nil {
			slog.Error("label not written", "err", err)
			http.Error(w, "error", http.StatusInternalServerError)
			return
		}
		slog.Info("label written", "file", name)
	})
	quotes := make(chan [2]string, 8)
	go func() {
		for q := range quotes {
			slog.Info("rate", "carrier", q[0], "zone", q[1], "eur", rate(q[0], q[1]))
		}
	}()
	http.HandleFunc("/rate/", func(w http.ResponseWriter, r *http.Request) {
		parts := strings.Split(r.URL.Path, "/")
		quotes <- [2]string{parts[2], parts[3]}
	})
	slog.Info("listening", "addr", ":"+port)
	if err := http.ListenAndServe(":"+port, nil); err != nil {
		slog.Error("server stopped", "err", err)
		os.Exit(1)
	}
}
