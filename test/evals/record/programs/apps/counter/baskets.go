package main

import (
	"net/http"
	"os"
	"strconv"

	"github.com/gin-gonic/gin"
	"github.com/rs/zerolog"
)

var prices = []int{1200, 850, 90}

// baskets serves prices with gin; the third discount is none of the table's.
func baskets([]string) {
	log := zerolog.New(os.Stdout).With().Timestamp().Str("app", "baskets").Logger()
	gin.SetMode(gin.ReleaseMode)
	router := gin.Default()
	discounts := []int{0, 5, 10}
	router.GET("/baskets/:level", func(c *gin.Context) {
		level, _ := strconv.Atoi(c.Param("level"))
		total := 0
		for _, price := range prices {
			total += price * (100 - discounts[level]) / 100
		}
		log.Info().Int("total", total).Int("failed", 0).Msg("basket priced")
		c.JSON(http.StatusOK, gin.H{"total": total})
	})
	log.Info().Int("discounts", len(discounts)).Msg("baskets 2.3 listens")
	_ = router.Run("127.0.0.1:8600")
}
