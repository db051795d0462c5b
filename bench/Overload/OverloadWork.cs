using System.Text;
using Shortline.Client.Tool.Load;

namespace Shortline.Bench.Overload;

/// <summary>A kind of work that keeps a server busy.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Load">What the requests ask for.</param>
internal sealed record OverloadWork(string Name, LoadWork Load)
{
    /// <summary>All kinds: of equal length, of different lengths, and one that needs the processor.</summary>
    internal static IReadOnlyList<OverloadWork> All { get; } =
    [
        new("compute", Work("compute", """{"seconds":0.05}""")),
        new("mixed", Work("compute", """{"seconds":0.01}""", """{"seconds":0.02}""", """{"seconds":0.02}""", """{"seconds":0.15}""")),
        new("hash", Work("hash", """{"algorithm":"sha256","rounds":20000}""")),
    ];

    private static LoadWork Work(string operation, params string[] payloads) =>
        new(operation, [.. payloads.Select(payload => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(payload))]);
}
