using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platz.Core.Data.Migrations
{
    /// <inheritdoc />
    public partial class LogBlocks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTimeOffset[]>(
                name: "ats",
                table: "deployment_task_logs",
                type: "timestamp with time zone[]",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "lines",
                table: "deployment_task_logs",
                type: "integer",
                nullable: false,
                defaultValue: 1);

            // Of what is there the defaults hold: nothing is read for it.
            migrationBuilder.Sql("""
                ALTER TABLE deployment_task_logs ADD CONSTRAINT ck_deployment_task_logs_lines
                CHECK (lines BETWEEN 1 AND 256 AND coalesce(cardinality(ats), 1) = lines) NOT VALID
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder) =>
            throw new NotSupportedException("Migrations go forward only: a database is restored from its backup.");
    }
}
