using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace Shortline.Hosting.Tls;

/// <summary>
/// A connection builder that gives the TLS middleware of Orleans a log of its own. The middleware reports a failed handshake nowhere else.
/// </summary>
internal sealed class TlsConnectionBuilder(IConnectionBuilder connections, TlsFailureLog log) : IConnectionBuilder, IServiceProvider
{
    public IServiceProvider ApplicationServices => this;

    public IConnectionBuilder Use(Func<ConnectionDelegate, ConnectionDelegate> middleware)
    {
        connections.Use(middleware);
        return this;
    }

    public ConnectionDelegate Build() => connections.Build();

    public object? GetService(Type serviceType) =>
        serviceType == typeof(ILoggerFactory) ? log : connections.ApplicationServices.GetService(serviceType);
}
