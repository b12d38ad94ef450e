package io.mamba.shop;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;

/** The REST side of the shop, under {@code /shop/api}. */
@ApplicationPath("api")
public class ShopApplication extends Application {}
