namespace Shortline.Hosting.Logs;

/// <summary>
/// Logger categories that have a log file of their own: <c>factory.CreateLogger(LogCategories.Server("3"))</c> writes to
/// <c>logs/servers/server-3.log</c>. All other categories write to the file of their process.
/// </summary>
/// <remarks>
/// The slash distinguishes them from the categories of types, so that <c>Shortline.Gateway.Dispatcher</c> is not taken for a gateway.
/// </remarks>
public static class LogCategories
{
    internal const string ServerPrefix = "Shortline.Server/";
    internal const string ClientPrefix = "Shortline.Client/";
    internal const string ControllerPrefix = "Shortline.Controller/";
    internal const string GatewayPrefix = "Shortline.Gateway/";
    internal const string SiloPrefix = "Shortline.Silo/";

    /// <summary>The category of a server: its id, or its grain key <c>pool/id</c>.</summary>
    public static string Server(string id) => ServerPrefix + id;

    /// <summary>The category of all external servers together: they choose their names themselves, and as many as they like.</summary>
    public static string ExternalServers { get; } = ServerPrefix + "external";

    /// <summary>The category of a client.</summary>
    public static string Client(long id) => $"{ClientPrefix}{id}";

    /// <summary>The category of the client tool as a whole; its clients have their own.</summary>
    public static string ClientTool { get; } = ClientPrefix + "tool";

    /// <summary>The category of a pool's controller and balancer.</summary>
    public static string Controller(string pool) => ControllerPrefix + pool;

    /// <summary>The category of a gateway.</summary>
    public static string Gateway(string id) => GatewayPrefix + id;

    /// <summary>The category of a silo process.</summary>
    public static string Silo(string name) => SiloPrefix + name;
}
