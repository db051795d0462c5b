namespace Shortline.Hosting;

/// <summary>Everything that <c>config.json</c>, the environment and the command line can say; immutable, swapped whole.</summary>
public sealed record ShortlineSettings
{
    /// <summary>Section <c>server</c>.</summary>
    public ServerSettings Server { get; init; } = new();

    /// <summary>Section <c>client</c>.</summary>
    public ClientSettings Client { get; init; } = new();

    /// <summary>Section <c>load_balancer</c>.</summary>
    public LoadBalancerSettings LoadBalancer { get; init; } = new();

    /// <summary>Section <c>controller</c>.</summary>
    public ControllerSettings Controller { get; init; } = new();

    /// <summary>Section <c>cluster</c>.</summary>
    public ClusterSettings Cluster { get; init; } = new();

    /// <summary>Section <c>logs</c>.</summary>
    public LogSettings Logs { get; init; } = new();
}
