using System.Net;
using Microsoft.Extensions.Configuration;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Hosting.Settings;

/// <summary>
/// All settings of a process. Immutable: a change replaces the whole record. The records of the sections are the table of keys: each
/// property has a key, a default, an attribute that limits its value, and a summary that docs/configuration.md repeats.
/// </summary>
public sealed record ShortlineSettings
{
    /// <summary>Section <c>server</c>.</summary>
    [ConfigurationKeyName("server")]
    public ServerSettings Server { get; init; } = new();

    /// <summary>Section <c>client</c>.</summary>
    [ConfigurationKeyName("client")]
    public ClientSettings Client { get; init; } = new();

    /// <summary>Section <c>load_balancer</c>.</summary>
    [ConfigurationKeyName("load_balancer")]
    public LoadBalancerSettings LoadBalancer { get; init; } = new();

    /// <summary>Section <c>controller</c>.</summary>
    [ConfigurationKeyName("controller")]
    public ControllerSettings Controller { get; init; } = new();

    /// <summary>Section <c>cluster</c>.</summary>
    [ConfigurationKeyName("cluster")]
    public ClusterSettings Cluster { get; init; } = new();

    /// <summary>Section <c>logs</c>.</summary>
    [ConfigurationKeyName("logs")]
    public LogSettings Logs { get; init; } = new();

    /// <summary>Whether clients get the messages of handlers' exceptions; see <see cref="ServerSettings.ExposeErrors"/>.</summary>
    public bool ExposesErrors() => Server.ExposeErrors == ServerSettings.ByAddress
        ? IsLoopback(Server.Address) && IsLoopback(LoadBalancer.Address) && IsLoopback(Cluster.Address)
        : Server.ExposeErrors == ServerSettings.Exposed;

    private static bool IsLoopback(string address) => IPAddress.TryParse(address, out var parsed) && IPAddress.IsLoopback(parsed);
}
