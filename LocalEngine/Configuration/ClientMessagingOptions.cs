namespace Orleans.Configuration;

/// <summary>How calls made through a client behave.</summary>
public class ClientMessagingOptions : MessagingOptions;
