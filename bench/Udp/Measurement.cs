using Shortline.Bench.Load;

namespace Shortline.Bench.Udp;

/// <summary>One measurement: its target, load and round, and the result.</summary>
internal sealed record Measurement(string Target, int Outstanding, int Round, LoadResult Result);
