using System.CommandLine;
using Shortline.Hosting.Start;

namespace Shortline.Client.Tool.Verbs;

/// <summary>The verb <c>compute</c> of the tool's command line.</summary>
internal sealed class ComputeVerb
{
    private readonly Argument<double?> _seconds = new("SECONDS")
    {
        Description = "How long it takes: 0 to 3600.",
        CustomParser = OptionValues.Number<double>(0, 3600),
        Arity = ArgumentArity.ExactlyOne,
    };

    /// <param name="common">The options of every verb.</param>
    public ComputeVerb(params ReadOnlySpan<Option> common)
    {
        Command = new Command("compute", "Lets a server compute for the given seconds and prints which server it was.") { _seconds };
        foreach (var option in common)
            Command.Options.Add(option);
    }

    public Command Command { get; }

    public ComputeRun Run(ParseResult parsed, ShortlineClientOptions client, bool hasTimeout, TextWriter output, TextWriter error) =>
        new(client, parsed.GetValue(_seconds) ?? 0, hasTimeout, output, error);
}
