namespace Shortline.Balancing;

/// <summary>A ready server's counters, as scaling reads them.</summary>
/// <param name="Id">The server's id.</param>
/// <param name="Incarnation">Which activation counts: another one starts from 0.</param>
/// <param name="Waiting">Requests in the queue.</param>
/// <param name="InService">Requests that a worker has.</param>
/// <param name="Concurrency">Its workers; at least 1.</param>
/// <param name="Completed">Requests answered since it started.</param>
/// <param name="ServiceTimeMs">Smoothed time a request is in service; 0 before the first.</param>
/// <param name="ReadyForMs">Milliseconds since it started.</param>
public readonly record struct ServerLoad(
    string Id, long Incarnation, int Waiting, int InService, int Concurrency, long Completed, double ServiceTimeMs, long ReadyForMs);
