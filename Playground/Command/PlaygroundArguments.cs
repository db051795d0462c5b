namespace Shortline.Playground;

/// <summary>What the command line says; null where it says nothing.</summary>
internal sealed record PlaygroundArguments
{
    /// <summary>Servers to start with, as written: it is checked together with all other settings.</summary>
    public string? Servers { get; init; }

    /// <summary>Clients, as written.</summary>
    public string? Clients { get; init; }

    /// <summary>Algorithm, as written.</summary>
    public string? Algorithm { get; init; }

    /// <summary>The servers' weights, as written.</summary>
    public string? Weights { get; init; }

    /// <summary>How long load is made.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Requests a second of all clients together.</summary>
    public double? Rate { get; init; }

    /// <summary>What the requests ask for.</summary>
    public Operation Operation { get; init; } = Operation.Compute;

    /// <summary>Whether the conversation is printed where there is no screen.</summary>
    public bool Conversation { get; init; }

    /// <summary>The settings file asked for.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The whole command line, for the settings in it: <c>--section:key value</c>.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>All settings as words, those that have a short form of their own included.</summary>
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

    /// <summary>Whether a setting is among the words, so that nobody needs to ask for it.</summary>
    public bool Sets(string path) => Words.Any(word =>
        word.StartsWith($"--{path}", StringComparison.OrdinalIgnoreCase) && (word.Length == path.Length + 2 || word[path.Length + 2] == '='));
}
