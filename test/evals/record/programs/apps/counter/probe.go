package main

import (
	"log"
	"time"

	"github.com/gofiber/fiber/v2"
	fiberlog "github.com/gofiber/fiber/v2/log"
	"net"
)

// probe is a fiber server that asks a till for each request over a connection that it keeps.
func probe(arguments []string) {
	log.SetFlags(0)
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	var kept []net.Conn
	app.Get("/tills/:n", func(c *fiber.Ctx) error {
		connection, err := net.DialTimeout("tcp", arguments[0], time.Second)
		if err != nil {
			fiberlog.Infof("till %s not asked: %v", c.Params("n"), err)
			return c.SendStatus(fiber.StatusAccepted)
		}
		kept = append(kept, connection)
		fiberlog.Infof("till %s asked, cash is right, %d tills known", c.Params("n"), len(kept))
		return c.SendString("ok")
	})
	app.Get("/health", func(c *fiber.Ctx) error { return c.SendString("ok") })
	fiberlog.Info("tills 1.8 listens on 8610")
	log.Fatal(app.Listen("127.0.0.1:8610"))
}
