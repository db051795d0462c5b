using Shortline.GrainInterfaces;

namespace Shortline.Grains;

/// <summary>An external server as the grain that keeps them knows it.</summary>
internal sealed class KnownProgram(string id)
{
    public string Id => id;

    /// <summary>The silo that its grain lives on; null if it is to have another one.</summary>
    public string? Silo { get; set; }

    /// <summary>The last incarnation known.</summary>
    public long Incarnation { get; set; }

    /// <summary>What it has said last; null if only the ranking told of it.</summary>
    public ExternalReport? Report { get; set; }

    /// <summary>When it said that, or when the ranking told of it: a timestamp.</summary>
    public long HeardAt { get; set; }

    /// <summary>Whether a call to its grain is under way; what comes meanwhile is as old as the next report by then.</summary>
    public bool IsCalled { get; set; }
}
