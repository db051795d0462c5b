using System.CommandLine;
using System.CommandLine.Parsing;
using Shortline.Hosting.Tls;

namespace Shortline.Client.Tool;

/// <summary>The options of the tool's command line that encrypt TCP connections.</summary>
internal sealed class TlsOptions
{
    private const string Authority = "--tls-authority";

    private readonly Option<bool> _tls = new("--tls") { Description = "Encrypts TCP connections; with --tcp or --direct. Gateways and servers need load_balancer.certificate." };
    private readonly Option<FileInfo?> _authority = new(Authority) { Description = "PEM file with the authority that signed their certificates. Implies --tls. Default: the authorities that this machine trusts.", HelpName = "FILE" };
    private readonly Option<string?> _name = new("--tls-name") { Description = "Name that their certificates are for. Implies --tls. Default: the address.", HelpName = "NAME" };

    /// <param name="tcp">The options of which encrypted connections need one.</param>
    public TlsOptions(params Option[] tcp)
    {
        foreach (var option in All)
        {
            option.Validators.Add(result =>
            {
                if (IsGiven(result) && !Array.Exists(tcp, other => result.GetResult(other) is { } given && IsGiven(given)))
                    result.AddError($"{option.Name} needs {string.Join(" or ", tcp.Select(other => other.Name))}, because datagrams cannot be encrypted.");
            });
        }
    }

    public Option[] All => [_tls, _authority, _name];

    /// <summary>How connections are encrypted; null if they are not.</summary>
    /// <exception cref="Hosting.Start.StartFailedException">The file of the authority cannot be used.</exception>
    public ClientTlsOptions? Read(ParseResult parsed)
    {
        var (authority, name) = (parsed.GetValue(_authority), parsed.GetValue(_name));
        if (!parsed.GetValue(_tls) && authority is null && name is null)
            return null;
        return new ClientTlsOptions
        {
            ServerName = name,
            Authorities = authority is null ? [] : new CertificateFile(Authority, authority.FullName).ReadAll(),
        };
    }

    private static bool IsGiven(OptionResult result) => !result.Implicit;
}
