namespace Shortline.Gateway;

/// <summary>What a gateway process is, beside the settings that all processes of a cluster share.</summary>
public sealed record GatewayHostOptions
{
    /// <summary>
    /// Its name in logs and on the dashboard; 1 to 64 letters, digits, <c>-</c>, <c>_</c> or <c>.</c>. Null for the number of its port.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>Whether its log goes to the console as well as to files.</summary>
    public bool Console { get; init; } = true;
}
