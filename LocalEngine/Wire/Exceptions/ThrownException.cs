using Orleans;

namespace Shortline.LocalEngine;

/// <summary>An exception as it travels.</summary>
[GenerateSerializer]
internal sealed record ThrownException
{
    /// <summary>Its type, with namespace.</summary>
    [Id(0)] public string Type { get; init; } = "";

    /// <summary>The simple name of the type's assembly.</summary>
    [Id(1)] public string Assembly { get; init; } = "";

    [Id(2)] public string Message { get; init; } = "";

    /// <summary>Null if it was never thrown.</summary>
    [Id(3)] public string? StackTrace { get; init; }

    /// <summary>What caused it; of several, the first.</summary>
    [Id(4)] public ThrownException? Inner { get; init; }
}
