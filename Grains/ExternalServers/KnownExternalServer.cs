using Shortline.GrainInterfaces.ExternalServers;

namespace Shortline.Grains.ExternalServers;

/// <summary>An external server as <see cref="ExternalServersGrain"/> knows it.</summary>
internal sealed class KnownExternalServer(string id)
{
    public string Id => id;

    /// <summary>The silo that hosts its grain; null if the grain is to be placed anew.</summary>
    public string? Silo { get; set; }

    /// <summary>The last incarnation known.</summary>
    public long Incarnation { get; set; }

    /// <summary>Its latest report; null if only the ranking named it.</summary>
    public ExternalReport? Report { get; set; }

    /// <summary>The timestamp of that report, or of the ranking that named it.</summary>
    public long HeardAt { get; set; }

    /// <summary>
    /// Whether a call to its grain is under way. Reports that come meanwhile are dropped: the next one is as fresh by then.
    /// </summary>
    public bool IsCalled { get; set; }
}
