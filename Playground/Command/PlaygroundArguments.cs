using Shortline.Hosting.Settings.Sources;
using Shortline.Playground.Clients;

namespace Shortline.Playground.Command;

/// <summary>The options of the command line; null where one is missing.</summary>
internal sealed record PlaygroundArguments
{
    /// <summary>The number of servers at the start, as written. It is checked together with all other settings.</summary>
    public string? Servers { get; init; }

    /// <summary>The number of clients, as written.</summary>
    public string? Clients { get; init; }

    /// <summary>The algorithm, as written.</summary>
    public string? Algorithm { get; init; }

    /// <summary>The servers' weights, as written.</summary>
    public string? Weights { get; init; }

    /// <summary>How long the clients send.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Requests a second of all clients together.</summary>
    public double? Rate { get; init; }

    /// <summary>The operation that the clients request.</summary>
    public Operation Operation { get; init; } = Operation.Compute;

    /// <summary>Whether the conversation is printed if there is no terminal.</summary>
    public bool Conversation { get; init; }

    /// <summary>The settings file.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The whole command line, for the settings in it: <c>--section:key value</c>.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>All settings of the command line, those with a short option included.</summary>
    public SettingsArguments ToSettings()
    {
        List<string> words = [.. Words];
        Add("--server:count", Servers);
        Add("--server:weights", Weights);
        Add("--client:count", Clients);
        Add("--load_balancer:algorithm", Algorithm);
        return SettingsArguments.Split(words);

        void Add(string option, string? value)
        {
            if (value is not null)
                words.Add($"{option}={value}");
        }
    }

    /// <summary>Whether the command line has a setting, which then is not asked for.</summary>
    public bool Sets(string path) => Words.Any(word =>
        word.StartsWith($"--{path}", StringComparison.OrdinalIgnoreCase) && (word.Length == path.Length + 2 || word[path.Length + 2] == '='));
}
