using Shortline.Hosting.Clustering.PostgreSql;

namespace Shortline.Unit.Tests.Hosting.Clustering;

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

    /// <summary>Orleans 10.4.2 deletes defunct entries one by one where it finds this key, and all at once where it does not.</summary>
    [Fact]
    public void There_is_one_more_statement_which_the_clustering_provider_does_not_insist_on() => Assert.Equal(
        ["CleanupDefunctSiloEntryKey"],
        PostgreSqlMembershipStatements.All.Keys.Concat(PostgreSqlStorageStatements.All.Keys)
            .Except(OrleansStatementKeys.OfMembership().Concat(OrleansStatementKeys.OfStorage()), StringComparer.Ordinal));
}
