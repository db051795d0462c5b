using Shortline.Bench.Load;

namespace Shortline.Bench.Udp;

/// <summary>One measurement and where it belongs.</summary>
internal sealed record Measurement(string Target, int Outstanding, int Round, LoadResult Result);
