using Shortline.Client.Tool.Load;
using Shortline.Protocol.Responses;

namespace Shortline.Playground.Screen;

/// <summary>An outcome of requests and its count.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Count">The number of requests.</param>
/// <param name="IsUsual">Whether the outcome is shown even if its count is 0.</param>
internal readonly record struct Outcome(string Name, long Count, bool IsUsual)
{
    public bool IsGood => Name == "ok";
}

/// <summary>The outcomes of requests: the status of the answer, or no answer.</summary>
internal static class Outcomes
{
    public static IReadOnlyList<Outcome> Of(LoadProgress load)
    {
        List<Outcome> outcomes = [];
        for (var status = ResponseStatus.Ok; status <= ResponseStatus.Invalid; status++)
            outcomes.Add(new Outcome(ResponseStatuses.Name(status), load.Of(status), status != ResponseStatus.Invalid));
        outcomes.Add(new Outcome("no answer", load.NoAnswer, IsUsual: true));
        outcomes.Add(new Outcome("not sent", load.NotSent, IsUsual: false));
        return outcomes;
    }

    /// <summary>The outcomes to show: the usual ones, and others that occurred.</summary>
    public static IEnumerable<Outcome> WorthSaying(LoadProgress load) => Of(load).Where(outcome => outcome.Count > 0 || outcome.IsUsual);

    /// <summary>The number of requests that did not end with <c>ok</c>.</summary>
    public static long Failed(LoadProgress load) => Of(load).Where(outcome => !outcome.IsGood).Sum(outcome => outcome.Count);

    /// <summary>The number of requests whose fate is unknown: no answer, or the answer <c>lost</c>.</summary>
    public static long Lost(LoadProgress load) => load.NoAnswer + load.Of(ResponseStatus.Lost);
}
