namespace Shortline.Balancing;

/// <summary>How a request ended that the observing gateway had sent to a server.</summary>
/// <param name="Slot">The server's <see cref="Candidate.Slot"/>.</param>
/// <param name="NowMs">When, on the clock of <see cref="PickContext.NowMs"/>.</param>
/// <param name="ResponseTimeMs">Milliseconds from when it was sent to when it ended.</param>
/// <param name="Failed">Whether the handler failed or the time ran out. A rejected request has not run and is not observed.</param>
/// <param name="LoadWhenSent">The <see cref="Candidate.Load"/> with which it was picked.</param>
/// <param name="Load">Requests that the server has left, waiting and in service, as it says itself; -1 if it does not say.</param>
public readonly record struct Observation(int Slot, double NowMs, double ResponseTimeMs, bool Failed, int LoadWhenSent = 0, int Load = -1);
