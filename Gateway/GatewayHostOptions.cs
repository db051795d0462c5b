namespace Shortline.Gateway;

/// <summary>The options of one gateway process. The settings are shared by all processes of a cluster.</summary>
public sealed record GatewayHostOptions
{
    /// <summary>
    /// The name in logs and on the dashboard: 1 to 64 letters, digits, <c>-</c>, <c>_</c> or <c>.</c>. Null uses the port number.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>Whether the gateway logs to the console in addition to files.</summary>
    public bool Console { get; init; } = true;
}
