using Shortline.Client.Tool.Load;
using Shortline.Protocol.Responses;

namespace Shortline.Bench.Loss;

/// <summary>The result of one run.</summary>
/// <param name="Scenario">The scenario.</param>
/// <param name="Retries">Whether the clients retried requests.</param>
/// <param name="End">The figures of the clients.</param>
/// <param name="SlowServer">The id of the slow server; null if there was none.</param>
internal sealed record LossResult(LossScenario Scenario, bool Retries, LoadProgress End, string? SlowServer)
{
    /// <summary>
    /// The number of requests that were sent. Requests that the generator could not send in time say nothing about the fleet.
    /// </summary>
    internal long Sent => End.Started - End.NotSent;

    internal long Ok => End.Of(ResponseStatus.Ok);

    internal long Lost => Sent - Ok;

    internal double Share => Sent == 0 ? 1 : (double)Lost / Sent;

    internal double? Allowed => Retries ? 0 : Scenario.LossAllowed;

    internal double? SlowShare => SlowServer is null ? null : (double)End.Servers.GetValueOrDefault(SlowServer) / Math.Max(1, End.Answered);

    /// <summary>How the lost requests ended: numbers by status, and requests without a response.</summary>
    internal string How => string.Join(", ", Enum.GetValues<ResponseStatus>()
        .Where(status => status != ResponseStatus.Ok && End.Of(status) > 0)
        .Select(status => $"{End.Of(status)} {ResponseStatuses.Name(status)}")
        .Concat(End.NoAnswer > 0 ? [$"{End.NoAnswer} no answer"] : []));

    internal bool Passed => !(Share > Allowed) && End.AnsweredTwice == 0 && !(SlowShare > Scenario.SlowShareAllowed);
}
