using System.CommandLine;
using Shortline.Hosting.Start;

namespace Shortline.Client.Tool.Verbs;

/// <summary>The verbs <c>ls</c> and <c>get</c> of the tool's command line.</summary>
internal sealed class FileVerbs
{
    private readonly Argument<string?> _directory = new("NAME")
    {
        Description = "The directory, such as notes/old. Without it the root.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Argument<string> _file = new("NAME") { Description = "The file, such as notes/today.txt." };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "The path to write; - is standard output. Default: the last part of NAME, here.",
        HelpName = "PATH",
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replaces a file that is there already." };

    /// <param name="common">The options of every verb.</param>
    public FileVerbs(params ReadOnlySpan<Option> common)
    {
        List = new Command("ls", "Lists a directory that the servers serve (server.file_root).") { _directory };
        Get = new Command("get", "Downloads a file that the servers serve, or goes on with a download that was stopped.") { _file, _output, _force };
        foreach (var option in common)
        {
            List.Options.Add(option);
            Get.Options.Add(option);
        }
    }

    public Command List { get; }

    public Command Get { get; }

    public ListRun ListRun(ParseResult parsed, ShortlineClientOptions client, TextWriter output, TextWriter error) =>
        new(client, parsed.GetValue(_directory), output, error);

    /// <param name="parsed">The command line.</param>
    /// <param name="client">The options of the client.</param>
    /// <param name="output">Receives progress and summary.</param>
    /// <param name="error">Receives them if the file goes to standard output, and messages.</param>
    /// <param name="bytes">Standard output for the content; null opens that of the process.</param>
    public GetRun GetRun(ParseResult parsed, ShortlineClientOptions client, TextWriter output, TextWriter error, Stream? bytes)
    {
        var (name, path) = (parsed.GetValue(_file)!, parsed.GetValue(_output));
        return path == "-"
            ? new GetRun(client, name, null, true, error, error) { Content = bytes ?? StandardOutput.Open() }
            : new GetRun(client, name, path ?? Path.GetFileName(name), parsed.GetValue(_force), output, error);
    }
}
