namespace Shortline.Hosting;

/// <summary>
/// Logger categories that have a log file of their own: <c>factory.CreateLogger(LogCategories.Server("3"))</c> writes to
/// <c>logs/servers/server-3.log</c>. Every other category goes to the file of its process.
/// </summary>
/// <remarks>The slash keeps them apart from the categories of types, so that <c>Shortline.Gateway.Dispatcher</c> is no gateway.</remarks>
public static class LogCategories
{
    internal const string ServerPrefix = "Shortline.Server/";
    internal const string ClientPrefix = "Shortline.Client/";
    internal const string ControllerPrefix = "Shortline.Controller/";
    internal const string GatewayPrefix = "Shortline.Gateway/";
    internal const string SiloPrefix = "Shortline.Silo/";

    /// <summary>A server: its id, or its grain key <c>pool/id</c>.</summary>
    public static string Server(string id) => ServerPrefix + id;

    /// <summary>A client.</summary>
    public static string Client(long id) => $"{ClientPrefix}{id}";

    /// <summary>The client tool as a whole, beside its clients.</summary>
    public static string ClientTool { get; } = ClientPrefix + "tool";

    /// <summary>The controller of a pool, and its balancer.</summary>
    public static string Controller(string pool) => ControllerPrefix + pool;

    /// <summary>A gateway.</summary>
    public static string Gateway(string id) => GatewayPrefix + id;

    /// <summary>A silo process.</summary>
    public static string Silo(string name) => SiloPrefix + name;
}
