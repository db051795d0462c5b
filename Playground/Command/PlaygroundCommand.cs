using System.CommandLine;
using Shortline.Balancing.Choosing;
using Shortline.Hosting.Settings.Sources;
using Shortline.Hosting.Start;
using Shortline.Playground.Clients;

namespace Shortline.Playground.Command;

/// <summary>The command line: <c>--servers 4 --clients 10 --algorithm shortest_queue --duration 10s</c>, and settings.</summary>
internal sealed class PlaygroundCommand
{
    private readonly Option<string?> _servers = new("--servers") { Description = "Servers to start with (server.count)", HelpName = "N" };
    private readonly Option<string?> _clients = new("--clients") { Description = "Clients (client.count)", HelpName = "N" };
    private readonly Option<string?> _algorithm = new("--algorithm")
    {
        Description = $"How servers are chosen: {string.Join(", ", BalancingPolicies.Names)} (load_balancer.algorithm)",
        HelpName = "NAME",
    };

    private readonly Option<TimeSpan?> _duration = new("--duration")
    {
        Description = "How long, such as 10s or 2m. With it nothing is asked. Without it: until q on a terminal, else 10s",
        HelpName = "TIME",
        CustomParser = OptionValues.Duration,
    };

    private readonly Option<double?> _rate = new("--rate")
    {
        Description = "Requests a second of all clients together. Default: what keeps the first servers busy for three quarters of their time",
        HelpName = "N",
        CustomParser = OptionValues.Number<double>(0.001, 1_000_000),
    };

    private readonly Option<Operation> _operation = new("--operation")
    {
        Description = "compute: keeps a server busy for a random time. echo: answers at once",
        DefaultValueFactory = _ => Operation.Compute,
    };

    private readonly Option<bool> _conversation = new("--conversation")
    {
        Description = "Prints what clients, gateway and servers say to each other, where there is no terminal; the screen shows it anyway",
    };

    private readonly Option<string?> _config = new("--config") { Description = "Settings file; default config.json, if it is there", HelpName = "FILE" };
    private readonly RootCommand _root;

    public PlaygroundCommand()
    {
        _root = new RootCommand($"Starts a whole fleet with load in one process and shows it at work.\n\n{SettingsArguments.Help}")
        {
            _servers, _clients, _algorithm, _duration, _rate, _operation, _conversation, _config,
        };
    }

    /// <summary>Parses the command line. Prints help or faults if there is nothing to run.</summary>
    /// <param name="words">The command line.</param>
    /// <param name="output">Receives the help.</param>
    /// <param name="error">Receives the faults.</param>
    /// <param name="exitCode">The exit code if there is nothing to run.</param>
    public PlaygroundArguments? Read(IReadOnlyList<string> words, TextWriter output, TextWriter error, out int exitCode)
    {
        var parsed = ProgramOptions.Parse(_root, SettingsArguments.Split(words));
        exitCode = 0;
        if (ProgramOptions.HasFaults(parsed, error))
        {
            exitCode = ProgramStart.WrongUsage;
            return null;
        }

        if (parsed.Action is not null)
        {
            exitCode = parsed.Invoke(new InvocationConfiguration { Output = output, Error = error });
            return null;
        }

        return new PlaygroundArguments
        {
            Servers = parsed.GetValue(_servers),
            Clients = parsed.GetValue(_clients),
            Algorithm = parsed.GetValue(_algorithm),
            Duration = parsed.GetValue(_duration),
            Rate = parsed.GetValue(_rate),
            Operation = parsed.GetValue(_operation),
            Conversation = parsed.GetValue(_conversation),
            ConfigFile = parsed.GetValue(_config),
            Words = words,
        };
    }
}
