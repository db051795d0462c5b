using Shortline.Client.Tool.Load;
using Shortline.Playground.Clients;
using Shortline.Playground.Keys;

namespace Shortline.Playground.Screen;

/// <summary>The phrases of the lines above and below the tables.</summary>
internal static class StatusLines
{
    public static IEnumerable<Phrase> Title(PlayView view) =>
    [
        new(view.Finishing ? "waiting for the last answers" : view.Paused ? "PAUSED" : "", "bold yellow"),
        new(view.Algorithm, "bold"),
        new(Describe(view.Operation)),
        new(Figures.Count(view.Clients, "client")),
        new(view.Duration is { } duration ? $"{Figures.Clock(view.Elapsed)} of {Figures.Clock(duration)}" : Figures.Clock(view.Elapsed)),
    ];

    public static IEnumerable<Phrase> Load(PlayView view) =>
    [
        new($"{Figures.Rate(view.Sending)} sent"),
        new($"{Figures.Rate(view.Recent.Rate)} answered"),
        new($"p50 {Figures.Latency(view.Recent.Median)}"),
        new($"p99 {Figures.Latency(view.Recent.Percentile99)}"),
        new($"in flight {view.Load.InFlight}"),
    ];

    public static IEnumerable<Phrase> Answers(LoadProgress load) => Outcomes.WorthSaying(load)
        .Select(outcome => new Phrase($"{outcome.Name} {outcome.Count}", !outcome.IsGood && outcome.Count > 0 ? "bold red" : ""));

    public static IEnumerable<Phrase> Fleet(PlayView view) => view.Fleet is not { } fleet
        ? [new("the controller has said nothing yet")]
        :
        [
            new($"{view.Ready} ready"),
            new($"{fleet.Desired} desired"),
            new($"{fleet.Wanted} wanted"),
            new($"{fleet.Minimum} to {fleet.Maximum} allowed"),
            new(Figures.Count(fleet.Silos, "silo")),
            new(fleet.Panic ? "PANIC: load rises fast" : "", "bold red"),
            new(fleet.Wanted > fleet.Maximum ? "more is wanted than is allowed" : "", "bold yellow"),
        ];

    public static IEnumerable<Phrase> Keys(bool unicode) => KeyMap.Shown.Select(
        key => new Phrase($"{(key.Key == "↑↓" && !unicode ? "up/down" : key.Key)} {key.Meaning}"));

    /// <summary>The prompt, cut at its start if it is long; else the message about the last key.</summary>
    public static Phrase Message(PlayView view, int width) => view.Prompt is not { } prompt
        ? new(view.Message, "bold")
        : new($"client {view.ChosenClient}> {(prompt.Length > width / 2 ? "…" + prompt[^(width / 2)..] : prompt)}_", "bold yellow");

    /// <summary>The operation as text.</summary>
    public static string Describe(Operation operation) => operation switch
    {
        Operation.Echo => "echo",
        _ => $"compute, {ComputeTimes.Mean.TotalMilliseconds:0} ms on average",
    };
}
