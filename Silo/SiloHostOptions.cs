namespace Shortline.Silo;

/// <summary>What a silo is, beside the settings that all processes of a cluster share.</summary>
public sealed record SiloHostOptions
{
    /// <summary>
    /// Its name in logs and on the dashboard; 1 to 64 letters, digits, <c>-</c>, <c>_</c> or <c>.</c>. Null for the machine's name and the
    /// silo's port, which no two silos share.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>Whether it hosts a gateway too.</summary>
    public bool Gateway { get; init; }

    /// <summary>Whether its log goes to the console as well as to files.</summary>
    public bool Console { get; init; } = true;
}
