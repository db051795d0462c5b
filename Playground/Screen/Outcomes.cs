namespace Shortline.Playground;

/// <summary>One way requests have ended.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Count">How many.</param>
/// <param name="IsUsual">Whether it is worth saying that there were none.</param>
internal readonly record struct Outcome(string Name, long Count, bool IsUsual)
{
    public bool IsGood => Name == "ok";
}

/// <summary>How the requests have ended: by the status of their answer, or without one.</summary>
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

    /// <summary>The usual ones, and the others that there were.</summary>
    public static IEnumerable<Outcome> WorthSaying(LoadProgress load) => Of(load).Where(outcome => outcome.Count > 0 || outcome.IsUsual);

    /// <summary>Requests that ended in any other way than <c>ok</c>.</summary>
    public static long Failed(LoadProgress load) => Of(load).Where(outcome => !outcome.IsGood).Sum(outcome => outcome.Count);

    /// <summary>Requests of which nobody knows what became: no answer, or the answer that it is lost.</summary>
    public static long Lost(LoadProgress load) => load.NoAnswer + load.Of(ResponseStatus.Lost);
}
