namespace Shortline.Bench.Algorithms;

/// <summary>The outcome of one request.</summary>
/// <param name="ResponseMs">Milliseconds from sending the request to its response; negative if it was not answered ok.</param>
/// <param name="ServiceMs">Milliseconds that the server worked on it.</param>
/// <param name="Server">The number of the server, from 0.</param>
internal readonly record struct TimedReply(double ResponseMs, double ServiceMs, int Server)
{
    public bool IsOk => ResponseMs >= 0;
}
