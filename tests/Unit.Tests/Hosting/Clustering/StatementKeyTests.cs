using Shortline.Hosting;

namespace Shortline.Unit.Tests.Hosting;

/// <summary>The statements for PostgreSQL are those that the providers of this Orleans ask for: an update of the packages cannot miss one.</summary>
public sealed class StatementKeyTests
{
    [Fact]
    public void There_is_a_statement_for_every_key_of_the_clustering_provider()
    {
        Assert.Contains("CleanupDefunctSiloEntriesKey", OrleansStatementKeys.OfMembership());
        Assert.Empty(OrleansStatementKeys.OfMembership().Except(PostgreSqlMembershipStatements.All.Keys, StringComparer.Ordinal));
    }

    [Fact]
    public void There_is_a_statement_for_every_key_of_the_storage_provider()
    {
        Assert.Contains("WriteToStorageKey", OrleansStatementKeys.OfStorage());
        Assert.Empty(OrleansStatementKeys.OfStorage().Except(PostgreSqlStorageStatements.All.Keys, StringComparer.Ordinal));
    }

    [Fact]
    public void There_is_no_statement_that_no_provider_asks_for() => Assert.Empty(
        PostgreSqlMembershipStatements.All.Keys.Concat(PostgreSqlStorageStatements.All.Keys)
            .Except(OrleansStatementKeys.OfMembership().Concat(OrleansStatementKeys.OfStorage()), StringComparer.Ordinal));
}
