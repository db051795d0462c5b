namespace Shortline.Bench.Algorithms;

/// <summary>What became of one request.</summary>
/// <param name="InSystemMs">From its sending to its answer, in milliseconds; below 0 if it was not answered ok.</param>
/// <param name="ServiceMs">Of these, how long the server had worked on it.</param>
/// <param name="Server">The number of the server.</param>
internal readonly record struct TimedReply(double InSystemMs, double ServiceMs, int Server)
{
    public bool IsOk => InSystemMs >= 0;
}
