namespace Orleans.Configuration;

/// <summary>How calls made in a silo behave.</summary>
public class SiloMessagingOptions : MessagingOptions;
