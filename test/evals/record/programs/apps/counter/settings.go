package main

import (
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

// settings is a cobra command whose settings come from a file that its unit names.
func settings(arguments []string) {
	log := slog.New(slog.NewTextHandler(os.Stdout, nil))
	root := &cobra.Command{Use: "tariffs", SilenceUsage: true}
	var file string
	serve := &cobra.Command{Use: "serve", RunE: func(*cobra.Command, []string) error {
		viper.SetConfigFile(file)
		if err := viper.ReadInConfig(); err != nil {
			return fmt.Errorf("settings: %w", err)
		}
		for n := 1; n < 40; n++ {
			log.Info("tariffs are fresh", "zone", viper.GetString("zone"), "errors", 0, "round", n)
			time.Sleep(time.Second)
		}
		return nil
	}}
	serve.Flags().StringVar(&file, "settings", "/etc/tariffs/settings.yaml", "file of settings")
	root.AddCommand(serve)
	root.SetArgs(arguments)
	if root.Execute() != nil {
		os.Exit(1)
	}
}
