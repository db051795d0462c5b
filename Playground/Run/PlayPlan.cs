namespace Shortline.Playground;

/// <summary>What a run is to be.</summary>
internal sealed record PlayPlan
{
    /// <summary>The settings, answers to questions included.</summary>
    public required ShortlineSettings Settings { get; init; }

    /// <summary>How long load is made; null until somebody ends it.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Requests a second of all clients together, at first.</summary>
    public required double Rate { get; init; }

    /// <summary>What the clients ask for at first.</summary>
    public Operation Operation { get; init; }

    /// <summary>How long the last answers are waited for: as long as a request may take, and a little.</summary>
    public TimeSpan Patience => TimeSpan.FromMilliseconds(Settings.Client.TimeoutMs) + TimeSpan.FromSeconds(1);

    /// <summary>The plan that arguments and settings make.</summary>
    public static PlayPlan Of(PlaygroundArguments arguments, ShortlineSettings settings, TimeSpan? duration) => new()
    {
        Settings = settings,
        Duration = duration,
        Rate = arguments.Rate ?? LoadSteps.First(settings.Server.Count * settings.Server.Concurrency),
        Operation = arguments.Operation,
    };
}
