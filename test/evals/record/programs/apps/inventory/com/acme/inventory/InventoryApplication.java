package com.acme.inventory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestTemplate;

/** Inventory: Spring Boot with JDBC, Redis and a supplier that is asked over HTTP. */
@SpringBootApplication
public class InventoryApplication {
    public static void main(String[] args) {
        SpringApplication.run(InventoryApplication.class, args);
    }

    @Service
    static class Stock {
        private static final Logger log = LoggerFactory.getLogger(Stock.class);
        private final List<long[]> history = new ArrayList<>();
        private final JdbcTemplate jdbc;
        private final ObjectProvider<StringRedisTemplate> redis;
        private final RestTemplate http = new RestTemplate();
        private final String supplier;

        Stock(JdbcTemplate jdbc, ObjectProvider<StringRedisTemplate> redis, @Value("${supplier.url}") String supplier) {
            this.jdbc = jdbc;
            this.redis = redis;
            this.supplier = supplier;
        }

        int count(String sku) {
            Integer n = jdbc.queryForObject("select length(?::text)", Integer.class, sku);
            log.info("stock of {} is {}", sku, n);
            return n;
        }

        String reserve(String sku) {
            Long n = redis.getObject().opsForValue().increment("reserved:" + sku);
            log.info("reserved {} of {}", n, sku);
            return String.valueOf(n);
        }

        String restock(String sku) {
            String answer = http.getForObject(supplier + "/restock/" + sku, String.class);
            log.info("supplier answered {}", answer);
            return answer;
        }

        int forecast(int weeks) {
            for (int i = 0; i < weeks; i++) history.add(new long[131072]);
            log.info("forecast over {} weeks, {} series kept", weeks, history.size());
            return history.size();
        }
    }

    @RestController
    static class Api {
        private final Stock stock;

        Api(Stock stock) {
            this.stock = stock;
        }

        @GetMapping("/stock/{sku}") Map<String, Object> stock(@PathVariable("sku") String sku) { return Map.of("sku", sku, "count", stock.count(sku)); }
        @GetMapping("/reserve/{sku}") String reserve(@PathVariable("sku") String sku) { return stock.reserve(sku); }
        @GetMapping("/restock/{sku}") String restock(@PathVariable("sku") String sku) { return stock.restock(sku); }
        @GetMapping("/forecast/{weeks}") int forecast(@PathVariable("weeks") int weeks) { return stock.forecast(weeks); }
    }
}
