using Microsoft.Coyote;
using Microsoft.Coyote.Logging;
using Microsoft.Coyote.SystematicTesting;

namespace Shortline.Interleaving.Tests.Exploration;

/// <summary>
/// Executes a scenario under many schedules of its operations. The schedules are the same in every run. One that fails is kept in a file, which the
/// environment variable <c>SHORTLINE_REPLAY</c> names to execute that schedule alone, for instance in a debugger.
/// </summary>
internal static class Schedules
{
    private const string Replay = "SHORTLINE_REPLAY";

    /// <summary>
    /// Few changes of priority find most races soon: "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs",
    /// https://doi.org/10.1145/1736020.1736040.
    /// </summary>
    private const uint PriorityChanges = 3;

    /// <summary>More than any execution needs: one that takes more steps does not end.</summary>
    private const uint MostSteps = 20_000;

    /// <summary>Executes a scenario, which must start its operations with <see cref="Operations"/> and fail by an exception.</summary>
    public static void Explore(Action scenario, uint executions = 800)
    {
        if (Environment.GetEnvironmentVariable(Replay) is { Length: > 0 } file)
        {
            Execute(scenario, Configured().WithReproducibleTrace(File.ReadAllText(file)));
            return;
        }

        // The second one changes the operation at every step, which takes longer.
        Execute(scenario, Configured().WithPrioritizationStrategy(isFair: false, PriorityChanges).WithTestingIterations(executions));
        Execute(scenario, Configured().WithRandomStrategy().WithTestingIterations(executions / 4));
    }

    private static Configuration Configured() => Configuration.Create()
        .WithTelemetryEnabled(false)
        .WithVerbosityEnabled(VerbosityLevel.None)
        .WithRandomGeneratorSeed(1)
        .WithMaxSchedulingSteps(MostSteps)
        .WithFailureOnMaxStepsBoundEnabled()
        .WithDeadlockTimeout((uint)TimeSpan.FromMinutes(1).TotalMilliseconds);

    private static void Execute(Action scenario, Configuration configuration)
    {
        using var engine = TestingEngine.Create(configuration, () =>
        {
            Operations.Begin();
            scenario();
        });
        engine.Run();
        if (engine.TestReport.NumOfFoundBugs == 0)
            return;

        var executions = engine.TestReport.NumOfExploredFairPaths + engine.TestReport.NumOfExploredUnfairPaths;
        var trace = Path.Combine(Path.GetTempPath(), $"{Path.GetRandomFileName()}.trace");
        File.WriteAllText(trace, engine.ReproducibleTrace);
        Assert.Fail($"Execution {executions} failed, {Replay}={trace} repeats it: {string.Join('\n', engine.TestReport.BugReports)}");
    }
}
