using Spectre.Console;

namespace Shortline.Playground;

/// <summary>Asks for what the command line does not say. Enter takes the default.</summary>
internal static class Questions
{
    private const int MostServers = 1000;
    private const int MostClients = 10_000;

    /// <summary>The arguments with the answers in them.</summary>
    /// <param name="console">Where to ask.</param>
    /// <param name="arguments">What was said already.</param>
    /// <param name="settings">The defaults.</param>
    public static PlaygroundArguments Ask(IAnsiConsole console, PlaygroundArguments arguments, ShortlineSettings settings)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Algorithm is null && !arguments.Sets("load_balancer:algorithm"))
            arguments = arguments with { Algorithm = AskAlgorithm(console, settings.LoadBalancer.Algorithm) };
        if (arguments.Servers is null && !arguments.Sets("server:count"))
            arguments = arguments with { Servers = AskNumber(console, "How many servers", settings.Server.Count, MostServers) };
        if (arguments.Clients is null && !arguments.Sets("client:count"))
            arguments = arguments with { Clients = AskNumber(console, "How many clients", settings.Client.Count, MostClients) };
        return arguments;
    }

    private static string AskAlgorithm(IAnsiConsole console, string usual)
    {
        const string Question = "Which algorithm chooses the server?";
        var algorithm = console.Prompt(new SelectionPrompt<string>()
            .Title($"{Question} (arrow keys, Enter)")
            .AddChoices(BalancingPolicies.Names.OrderByDescending(name => name == usual)));

        // The prompt takes itself away; the answer should stay to be seen.
        console.WriteLine($"{Question} {algorithm}");
        return algorithm;
    }

    private static string AskNumber(IAnsiConsole console, string question, int usual, int most) => console.Prompt(
        new TextPrompt<int>($"{question}?")
            .DefaultValue(usual)
            .ValidationErrorMessage("That is not a whole number.")
            .Validate(number => number >= 1 && number <= most ? ValidationResult.Success() : ValidationResult.Error($"From 1 to {most}.")))
        .ToString();
}
