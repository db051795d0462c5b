using System.CommandLine;
using System.Net;

namespace Shortline.Client.Tool.Verbs;

/// <summary>The verb <c>ask</c> of the tool's command line.</summary>
internal sealed class AskVerb
{
    private readonly Argument<string?> _request = new("REQUEST")
    {
        Description = "The request, sent as it is. Without it, or with -, standard input is sent.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <param name="common">The options that every verb has and that apply to one request.</param>
    public AskVerb(params ReadOnlySpan<Option> common)
    {
        Command = new Command("ask", "Sends one raw request and prints the answer. Exit code 0: status ok; 3: another status; 4: no answer.") { _request };
        foreach (var option in common)
            Command.Options.Add(option);
    }

    public Command Command { get; }

    /// <param name="parsed">The command line.</param>
    /// <param name="gateway">The gateway.</param>
    /// <param name="isTcp">Whether the request is sent over TCP.</param>
    /// <param name="tls">How the connection is encrypted; null if it is not.</param>
    /// <param name="timeout">How long the answer may take.</param>
    /// <param name="input">Standard input.</param>
    /// <param name="output">Receives the answer.</param>
    /// <param name="error">Receives the message if there is no answer.</param>
    public AskRun Run(ParseResult parsed, IPEndPoint gateway, bool isTcp, ClientTlsOptions? tls, TimeSpan timeout, TextReader input, TextWriter output, TextWriter error)
    {
        var request = parsed.GetValue(_request);
        return new AskRun(request == "-" ? null : request, gateway, isTcp, tls, timeout, input, output, error);
    }
}
