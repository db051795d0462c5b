namespace Shortline.Balancing.Scaling;

/// <summary>The counters of a ready server.</summary>
/// <param name="Id">The server's id.</param>
/// <param name="Incarnation">The incarnation to which the counters belong. Another incarnation starts from 0.</param>
/// <param name="Waiting">The number of requests in the queue.</param>
/// <param name="InService">The number of requests that workers process.</param>
/// <param name="Concurrency">The number of workers; at least 1.</param>
/// <param name="Completed">The number of requests completed since the server started.</param>
/// <param name="ServiceTimeMs">The smoothed service time in milliseconds; 0 before the first request.</param>
/// <param name="ReadyForMs">Milliseconds since the server started.</param>
/// <param name="Refused">The number of requests refused since the server started because it had too much work.</param>
/// <param name="PresenceMs">
/// The milliseconds that requests have spent at the server since it started, waiting and in service, of all together: the integral of their
/// number over time. Those that are still there count until now. Negative if it is unknown.
/// </param>
public readonly record struct ServerLoad(
    string Id, long Incarnation, int Waiting, int InService, int Concurrency, long Completed, double ServiceTimeMs, long ReadyForMs,
    long Refused = 0, double PresenceMs = -1);
