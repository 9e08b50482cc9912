package com.acme.pricing;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pricing: JDK HTTP server, logback JSON (logstash encoder). */
public class Main {
    private static final Logger log = LoggerFactory.getLogger(Main.class);
    private static final Map<String, String> rules = new HashMap<>();
    private static final List<Map<String, String>> memo = new ArrayList<>();

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(System.getenv().getOrDefault("PORT", "8085"));
        log.info("pricing 4.0.2 starting on port {}", port);
        rules.put("mug", "9.90");
        HttpServer server = HttpServer.create(new InetSocketAddress(port), 50);
        server.setExecutor(Executors.newFixedThreadPool(4));
        server.createContext("/price/", exchange -> {
            String sku = exchange.getRequestURI().getPath().substring(7);
            int status = 200;
            byte[] body;
            try {
                body = ("{\"price\":" + price(sku) + "}").getBytes();
            } catch (Throwable failure) {
                log.error("request /price/{} failed", sku, failure);
                status = 500;
                body = "{}".getBytes();
            }
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
            log.info("GET /price/{} {}", sku, status);
        });
        server.start();
        log.info("pricing ready");
    }

    static String price(String sku) throws Exception {
        if (System.getenv("MEMO") != null) {
            Map<String, String> all = new HashMap<>();
            for (int i = 0; i < 20000; i++) all.put(sku + "-" + i, "rule " + i);
            memo.add(all);
        }
        if (System.getenv("TAX_URL") != null) return withTax(sku);
        try {
            return String.valueOf(Double.parseDouble(rules.get(sku)));
        } catch (NullPointerException missing) {
            throw new IllegalStateException("cannot price " + sku, missing);
        }
    }

    static String withTax(String sku) throws Exception {
        HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(System.getenv("TAX_URL") + "/vat/" + sku)).timeout(Duration.ofSeconds(3)).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
