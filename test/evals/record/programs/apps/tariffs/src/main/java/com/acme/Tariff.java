package com.acme;

/** The fare of a zone, in cents. */
public class Tariff {
  public static int fare(int zone) {
    return 180 + 90 * zone;
  }
}
