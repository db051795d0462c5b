using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Shortline.Hosting;

/// <summary>Looks at the database before anything of the host starts, so that what is wrong with it is one message.</summary>
internal sealed class PostgreSqlCheck(NpgsqlDataSource source) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => PostgreSqlDatabase.Check(source, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
