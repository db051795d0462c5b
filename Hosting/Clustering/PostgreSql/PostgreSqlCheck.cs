using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Shortline.Hosting.Clustering.PostgreSql;

/// <summary>Checks the database before any other part of the host starts, so that a fault of the database is one message.</summary>
internal sealed class PostgreSqlCheck(NpgsqlDataSource source) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => PostgreSqlDatabase.Check(source, cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
