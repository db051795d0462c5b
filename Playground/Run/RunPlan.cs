using Shortline.Hosting.Settings;
using Shortline.Playground.Clients;
using Shortline.Playground.Command;

namespace Shortline.Playground.Run;

/// <summary>The plan of a run.</summary>
internal sealed record RunPlan
{
    /// <summary>The settings, the answers to the questions included.</summary>
    public required ShortlineSettings Settings { get; init; }

    /// <summary>How long the clients send; null until the user ends it.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Requests a second of all clients together at the start.</summary>
    public required double Rate { get; init; }

    /// <summary>The operation at the start.</summary>
    public Operation Operation { get; init; }

    /// <summary>How long the run waits for the last answers: as long as a request may take, plus a second.</summary>
    public TimeSpan EndTimeout => TimeSpan.FromMilliseconds(Settings.Client.TimeoutMs) + TimeSpan.FromSeconds(1);

    /// <summary>Creates the plan from arguments and settings.</summary>
    public static RunPlan Of(PlaygroundArguments arguments, ShortlineSettings settings, TimeSpan? duration) => new()
    {
        Settings = settings,
        Duration = duration,
        Rate = arguments.Rate ?? LoadSteps.First(settings.Server.Count * settings.Server.Concurrency),
        Operation = arguments.Operation,
    };
}
