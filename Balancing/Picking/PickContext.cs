namespace Shortline.Balancing;

/// <summary>What a pick depends on besides the servers.</summary>
/// <param name="Key">A hash of what the request belongs to (its client), for policies that keep clients together.</param>
/// <param name="NowMs">The time in milliseconds, from any beginning; never goes back.</param>
/// <param name="Random">The source of chance, the picking thread's own.</param>
public readonly record struct PickContext(ulong Key, double NowMs, Random Random);
