using Shortline.Balancing.Choosing;
using Shortline.Hosting.Settings;
using Shortline.Hosting.Settings.Sections;
using Spectre.Console;

namespace Shortline.Playground.Command;

/// <summary>Asks for what the command line leaves open. Enter takes the default.</summary>
internal sealed class Questions(IAnsiConsole console, Random random)
{
    private const int MostServers = 1000;
    private const int MostClients = 10_000;

    /// <summary>Asks and adds the answers to the arguments.</summary>
    /// <param name="arguments">The arguments of the command line.</param>
    /// <param name="read">Reads the settings for arguments; they have the defaults.</param>
    public PlaygroundArguments Ask(PlaygroundArguments arguments, Func<PlaygroundArguments, ShortlineSettings> read)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var settings = read(arguments);
        if (arguments.Algorithm is null && !arguments.Sets("load_balancer:algorithm"))
            arguments = arguments with { Algorithm = AskAlgorithm(settings.LoadBalancer.Algorithm) };
        if (arguments.Servers is null && !arguments.Sets("server:count"))
            arguments = arguments with { Servers = AskNumber("How many servers", settings.Server.Count, MostServers) };
        if (!arguments.Sets("server:weights"))
            arguments = arguments with { Weights = AskWeights(read(arguments).Server) };
        if (arguments.Clients is null && !arguments.Sets("client:count"))
            arguments = arguments with { Clients = AskNumber("How many clients", settings.Client.Count, MostClients) };
        return arguments;
    }

    private string AskAlgorithm(string usual)
    {
        var kind = Choose(
            "Which kind of algorithm chooses the server?",
            BalancingPolicies.KindOf(usual),
            [PolicyKind.Dynamic, PolicyKind.Static],
            kind => kind == PolicyKind.Dynamic ? "dynamic: by load" : "static: whatever the load");
        usual = BalancingPolicies.KindOf(usual) == kind ? usual : kind == PolicyKind.Static ? BalancingPolicies.RoundRobin : BalancingPolicies.ShortestQueue;
        return Choose("Which one?", usual, BalancingPolicies.NamesOf(kind), name => name);
    }

    /// <summary>Asks for the weights; null takes those of the settings.</summary>
    private string? AskWeights(ServerSettings servers)
    {
        const string Equal = "equal";
        const string Drawn = "random, 1 to 9";
        var usual = servers.Weights.Equals(ServerWeights.Equal) ? Equal : servers.Weights.Equals(ServerWeights.Drawn) ? Drawn : servers.Weights.ToString();
        switch (Choose("Which weights do they have?", usual, new[] { usual, Equal, Drawn }.Distinct(StringComparer.Ordinal), name => name))
        {
            case Equal:
                return $"{ServerWeights.Equal}";
            case Drawn:
                var weights = WeightText.Draw(servers.MaxCount, random);
                console.WriteLine($"  They are: {WeightText.Of(weights, servers.Count)}");
                return $"{weights}";
            default:
                return null;
        }
    }

    /// <summary>Asks for a choice from a list, with the default first.</summary>
    private T Choose<T>(string question, T usual, IEnumerable<T> choices, Func<T, string> text)
        where T : notnull
    {
        var answer = console.Prompt(new SelectionPrompt<T>()
            .Title($"{question} (arrow keys, Enter)")
            .UseConverter(text)
            .AddChoices(choices.OrderByDescending(choice => choice.Equals(usual)))
            .DefaultValue(usual)); // else an enum's zero is preselected

        // The prompt disappears; the answer stays visible.
        console.WriteLine($"{question} {text(answer)}");
        return answer;
    }

    private string AskNumber(string question, int usual, int most) => console.Prompt(
        new TextPrompt<int>($"{question}?")
            .DefaultValue(usual)
            .ValidationErrorMessage("That is not a whole number.")
            .Validate(number => number >= 1 && number <= most ? ValidationResult.Success() : ValidationResult.Error($"From 1 to {most}.")))
        .ToString();
}
